import { render } from 'preact';
import { Account } from './account';
import '../style/base.css';
import './account.css';

const root = document.getElementById('app');
if (root) render(<Account />, root);
